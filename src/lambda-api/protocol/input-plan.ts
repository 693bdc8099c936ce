import { type ServiceModel, structureOf } from '../model/service-model.ts';

/** Where the members of an operation's input are found. */
export interface InputPlan {
  /** The structure's name. */
  readonly shape: string;
  readonly uri: readonly Placed[];
  readonly query: readonly Placed[];
  readonly header: readonly Placed[];
  /** The member that is the whole body. */
  readonly payload?: Placed;
  /** Members of the JSON body; none where there is a payload. */
  readonly body: readonly string[];
}

export interface Placed {
  readonly member: string;
  readonly shape: string;
  /** On the wire; of a header in lower case. */
  readonly name: string;
}

export function planInput(model: ServiceModel, shapeName: string): InputPlan {
  const { members, payload } = structureOf(model, shapeName);
  const placed = (wanted: string): Placed[] =>
    Object.entries(members)
      .filter(([, member]) => member.location === wanted)
      .map(([name, { shape, locationName = name }]) => ({ member: name, shape, name: locationName }));
  const unplaced = Object.keys(members).filter((name) => members[name]!.location === undefined);
  return {
    shape: shapeName,
    uri: placed('uri'),
    query: placed('querystring'),
    header: placed('header').map((header) => ({ ...header, name: header.name.toLowerCase() })),
    ...(payload !== undefined && {
      payload: { member: payload, shape: members[payload]!.shape, name: payload },
    }),
    body: payload === undefined ? unplaced : [],
  };
}
