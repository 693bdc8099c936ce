import type { ManagedPolicy } from '../iam/managed-policy.ts';
import { policyText, timeText } from './texts.ts';
import type { XmlObject } from './xml.ts';

/** A policy has the one version it was made with. */
export const onlyVersionId = 'v1';

/** IAM's Policy. */
export function policyXml(policy: ManagedPolicy): XmlObject {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: onlyVersionId,
    AttachmentCount: policy.attachmentCount,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: timeText(policy.createdMs),
    UpdateDate: timeText(policy.createdMs),
    Tags: policy.tags.map(({ Key, Value }) => ({ Key, Value })),
  };
}

/** IAM's PolicyVersion; lists show it without its document. */
export function policyVersionXml(policy: ManagedPolicy, withDocument: boolean): XmlObject {
  return {
    Document: withDocument ? policyText(policy.document) : undefined,
    VersionId: onlyVersionId,
    IsDefaultVersion: true,
    CreateDate: timeText(policy.createdMs),
  };
}
