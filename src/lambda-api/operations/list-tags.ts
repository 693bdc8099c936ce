import { listTags } from '../../deploy/tags.ts';
import type { ListTagsRequest, ListTagsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';

export const ListTags: Operation<ListTagsRequest, ListTagsResponse> = {
  name: 'ListTags',
  authorise: ({ Resource }) => ({ action: 'lambda:ListTags', resource: Resource }),
  run(input, { service: { deployment } }) {
    return { Tags: listTags(deployment, input.Resource) };
  },
};
