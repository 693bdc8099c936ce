/** A policy that is not one; the message is for its author. */
export class MalformedPolicy extends Error {
  override readonly name = 'MalformedPolicy';
}
