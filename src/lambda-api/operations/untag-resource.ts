import { untagResource } from '../../deploy/tags.ts';
import type { UntagResourceRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';

export const UntagResource: Operation<UntagResourceRequest, void> = {
  name: 'UntagResource',
  authorise: ({ Resource }) => ({ action: 'lambda:UntagResource', resource: Resource }),
  run(input, { service: { deployment } }) {
    untagResource(deployment, input.Resource, input.TagKeys);
  },
};
