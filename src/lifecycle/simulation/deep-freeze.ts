/** Makes a value unchangeable, maps included: whoever writes to it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const member of value.values()) deepFreeze(member);
    for (const deed of ['set', 'delete', 'clear']) Object.defineProperty(value, deed, { value: refuse });
  }
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('a frozen map was written to');
}
