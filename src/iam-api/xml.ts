/** What an element holds: text, elements by name, or a list, each of which is a `member`. */
export type XmlValue = string | number | boolean | XmlObject | readonly XmlValue[];
export interface XmlObject {
  readonly [name: string]: XmlValue | undefined;
}

/** @returns the document with its elements in the order of the object; what is undefined is left out. */
export function toXml(root: string, namespace: string, contents: XmlObject): string {
  return `<${root} xmlns="${namespace}">${inner(contents)}</${root}>\n`;
}

function inner(value: XmlValue): string {
  if (Array.isArray(value)) return value.map((member) => element('member', member)).join('');
  if (typeof value !== 'object') return escapeText(String(value));
  return Object.entries(value)
    .map(([name, child]) => (child === undefined ? '' : element(name, child)))
    .join('');
}

function element(name: string, value: XmlValue): string {
  return `<${name}>${inner(value)}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return (
    text
      // XML has no way to write these.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replace(/[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
      .replace(/[&<>"\r]/g, (character) => entities[character]!)
  );
}
