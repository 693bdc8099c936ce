import { tagResource } from '../../deploy/tags.ts';
import type { TagResourceRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';

export const TagResource: Operation<TagResourceRequest, void> = {
  name: 'TagResource',
  authorise: ({ Resource }) => ({ action: 'lambda:TagResource', resource: Resource }),
  run(input, { service: { deployment } }) {
    tagResource(deployment, input.Resource, input.Tags);
  },
};
