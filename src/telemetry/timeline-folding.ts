import { Fold, type Section } from './timeline-fold.ts';
import { isTroubled, type Phase } from './timeline-phase.ts';

/** Invocations without trouble that are kept one by one: these, and the ones in between become a fold. */
const keptFirst = 2;
const keptLast = 2;
/** Phases and folds kept in all; of lives with more trouble than this, the middle is folded, trouble and all. */
const maxSections = 40;
/** The first phases and invocations: how it all began is never folded. */
const keptSections = 8;

/** Folds what is in the middle of a long life, in place. To be called when the last phase is over. */
export function foldMiddle(sections: Section[]): void {
  foldOrdinaryInvocations(sections);
  while (sections.length > maxSections) {
    foldAt(sections, sections[keptSections] instanceof Fold ? keptSections + 1 : keptSections);
  }
}

function foldOrdinaryInvocations(sections: Section[]): void {
  const ordinary = sections.filter(
    (section): section is Phase =>
      !(section instanceof Fold) && section.name === 'Invoke' && !isTroubled(section),
  );
  // One invocation alone is no summary: wait for two.
  if (ordinary.length <= keptFirst + keptLast + 1) return;
  for (const phase of ordinary.slice(keptFirst, -keptLast)) {
    const index = sections.indexOf(phase);
    const next = sections[index + 1];
    if (next !== undefined && !(next instanceof Fold) && next.name === 'Freeze') foldAt(sections, index + 1);
    foldAt(sections, index);
  }
}

/** Turns one phase into a fold, and neighbouring folds into one. */
function foldAt(sections: Section[], index: number): void {
  const section = sections[index]!;
  const fold = section instanceof Fold ? section : new Fold(section);
  sections[index] = fold;
  const next = sections[index + 1];
  if (next instanceof Fold) {
    fold.merge(next);
    sections.splice(index + 1, 1);
  }
  const previous = sections[index - 1];
  if (previous instanceof Fold) {
    previous.merge(fold);
    sections.splice(index, 1);
  }
}
