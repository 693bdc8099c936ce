import { runtimeProcess } from '../life.ts';
import { ExtensionActor } from './extension-actor.ts';
import { RuntimeActor } from './runtime-actor.ts';
import type { World } from './world.ts';

/** Starts the cast's processes when the environment asks for them. */
export function setStage(world: World): void {
  const { cast, random } = world;
  world.onLaunch = (names) => {
    for (const name of names) {
      const part = cast.extensions.find((candidate) => candidate.name === name)!;
      world.sandbox.soon(world.sandbox.generation, 5, () => {
        if (part.flaw === 'launch fails') {
          world.happen({ type: 'launchFailed', name, code: random.pick(['EACCES', 'ENOENT', 'ENOEXEC']) });
        } else new ExtensionActor(world, part, world.sandbox.begin(name)).begin();
      });
    }
  };
  world.onStartRuntime = () => {
    world.sandbox.soon(world.sandbox.generation, 10, () => {
      if (cast.runtimeFlaw === 'start fails') {
        const fault = {
          type: 'Runtime.InvalidEntrypoint',
          subject: 'runtime',
          message: 'no bootstrap',
        } as const;
        world.happen({ type: 'runtimeStartFailed', fault });
        return;
      }
      const process = world.sandbox.begin(runtimeProcess);
      new RuntimeActor(world, process, cast.runtimeFlaw).begin();
      for (const part of cast.extensions) {
        if (part.kind === 'internal') new ExtensionActor(world, part, process).begin();
      }
    });
  };
}
