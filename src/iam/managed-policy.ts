import type { Tag } from './tag.ts';

export interface ManagedPolicy {
  readonly name: string;
  /** `ANPATHAW…`. */
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  /** JSON text, as it was given. */
  readonly document: string;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly createdMs: number;
  readonly attachmentCount: number;
}

export type NewManagedPolicy = Omit<ManagedPolicy, 'id' | 'arn' | 'createdMs' | 'attachmentCount'>;
