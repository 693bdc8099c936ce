import { type Bounds, headroom } from './bounds.ts';
import type { FunctionLoad, Member, Target } from './entries.ts';
import type { Fleet } from './fleet.ts';
import type { SchedulerTerms } from './terms.ts';

export interface Scene {
  readonly fleet: Fleet;
  readonly terms: SchedulerTerms;
  readonly bounds: Bounds;
  readonly nowMs: number;
  /** Whether an idle environment can take an invocation: it may have died in its sleep. */
  readonly isReady: (member: Member) => boolean;
}

/**
 * Gives waiting invocations what there is, function by function in turns: first environments that are free, then
 * starts. An invocation does not wait for a start of its own: it takes whatever comes first.
 */
export function place(scene: Scene): void {
  const { hungry } = scene.fleet;
  for (let isGiving = hungry.size > 0; isGiving; ) {
    isGiving = false;
    for (const load of [...hungry]) if (runOldest(scene, load)) isGiving = true;
  }
  while (startNext(scene)) {
    // One function after the other.
  }
}

/** Of the function's invocations that an environment is free for, the one that waits longest. */
function runOldest(scene: Scene, load: FunctionLoad): boolean {
  const { fleet, bounds, nowMs } = scene;
  if (headroom(fleet, load, bounds) <= 0) return false;
  for (const target of byAge(load)) {
    const member = takeIdle(scene, target);
    if (!member) continue;
    const ticket = target.waiting[0]!;
    fleet.run(member, ticket);
    fleet.orders.push({ do: 'run', member, ticket });
    fleet.passTurn(load, nowMs);
    return true;
  }
  return false;
}

/** The one used last, so that those not needed grow old. */
function takeIdle({ fleet, nowMs, isReady }: Scene, target: Target): Member | undefined {
  for (let member = target.idle.at(-1); member; member = target.idle.at(-1)) {
    if (hasExpired(member, nowMs)) fleet.retire(member, 'expiring');
    else if (!isReady(member)) fleet.retire(member, 'broken');
    else return member;
  }
  return undefined;
}

/** However short its credentials live, an environment is good for one invocation: it was started for that. */
export function hasExpired(member: Member, nowMs: number): boolean {
  return member.invocations > 0 && nowMs >= member.retireAtMs;
}

/** False where nobody wants a start, or none can begin now. */
function startNext(scene: Scene): boolean {
  const { fleet, terms, nowMs } = scene;
  if (fleet.hungry.size === 0 || freeSlots(scene) <= 0) return false;
  const target = firstWanting(scene);
  if (!target) return false;
  if (fleet.members.size >= terms.maxEnvironments) {
    makeRoom(scene);
    return false;
  }
  const member = fleet.start(target, nowMs);
  fleet.orders.push({ do: 'start', member });
  fleet.passTurn(target.load, nowMs);
  return true;
}

function firstWanting(scene: Scene): Target | undefined {
  for (const load of scene.fleet.hungry) {
    if (wantedStarts(scene, load) === 0) continue;
    return byAge(load).find((target) => target.waiting.length > target.starting);
  }
  return undefined;
}

/** How many environments more the function could use: one for each that waits, and is not being started for yet. */
function wantedStarts({ fleet, bounds }: Scene, load: FunctionLoad): number {
  let wanted = 0;
  for (const target of load.targets.values()) wanted += Math.max(0, target.waiting.length - target.starting);
  return wanted === 0 ? 0 : Math.max(0, Math.min(wanted, headroom(fleet, load, bounds) - load.starting));
}

function freeSlots({ fleet, terms, nowMs }: Scene): number {
  let free = terms.parallelStarts;
  for (const { startedMs } of fleet.starting) if (nowMs < startedMs + terms.startSlotMs) free -= 1;
  return free;
}

/** Idle environments that were used longest ago make room, no more than can be started in their place. */
function makeRoom(scene: Scene): void {
  const { fleet } = scene;
  let missing = missingRoom(scene);
  for (const member of fleet.idle) {
    if (missing <= 0) return;
    fleet.retire(member, 'room');
    missing -= 1;
  }
}

/** Places that starts could begin in at once, and that neither are free nor about to be. */
function missingRoom(scene: Scene): number {
  const { fleet, terms } = scene;
  const slots = freeSlots(scene);
  let wanted = 0;
  for (const load of fleet.hungry) {
    if (wanted >= slots) break;
    wanted += wantedStarts(scene, load);
  }
  return Math.min(wanted, slots) - (terms.maxEnvironments - fleet.members.size) - fleet.closing;
}

/**
 * Where the host is full: whether an environment that is free again goes, although its own function has work for it.
 * It goes for a function that has less than its share, or that has had nothing for a whole turn.
 */
export function mustYield(scene: Scene, member: Member): boolean {
  const { fleet, terms, nowMs } = scene;
  const { load, waiting } = member.target;
  if (waiting.length === 0 || missingRoom(scene) <= 0) return false;
  for (const other of fleet.hungry) {
    if (other === load || wantedStarts(scene, other) === 0) continue;
    // Whatever is about to make room is taken to be for this one: better too few go than too many.
    const share = other.live + fleet.closing;
    if (load.live > share + 1) return true;
    if (share === 0 && nowMs - other.turnSoughtMs >= terms.turnMs) return true;
  }
  return false;
}

/** Those with invocations waiting, the oldest first. */
function byAge(load: FunctionLoad): Target[] {
  const targets = [...load.targets.values()].filter(({ waiting }) => waiting.length > 0);
  return targets.sort((one, other) => one.waiting[0]!.number - other.waiting[0]!.number);
}
