import { hash } from 'node:crypto';
import { makeId } from './make-id.ts';
import type { ManagedPolicy } from './managed-policy.ts';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Path and name → actions, on all resources ("AWS managed policy reference"): those that functions commonly have. */
const actionsByName: Readonly<Record<string, readonly string[]>> = {
  '/AdministratorAccess': ['*'],
  '/AWSXRayDaemonWriteAccess': [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
  '/service-role/AWSLambdaBasicExecutionRole': logs,
  '/service-role/AWSLambdaVPCAccessExecutionRole': [
    ...logs,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  '/service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
  '/service-role/AWSLambdaSQSQueueExecutionRole': [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...logs,
  ],
  '/service-role/AWSLambdaDynamoDBExecutionRole': [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...logs,
  ],
  '/service-role/AWSLambdaKinesisExecutionRole': [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    ...logs,
  ],
};

const prefix = 'arn:aws:iam::aws:policy';

export function isAwsManagedArn(arn: string): boolean {
  return arn.startsWith(`${prefix}/`);
}

/** @returns undefined for a policy that is not AWS's, or that Thaw does not know the content of. */
export function awsManagedPolicy(arn: string): Omit<ManagedPolicy, 'attachmentCount'> | undefined {
  const pathAndName = isAwsManagedArn(arn) ? arn.slice(prefix.length) : '';
  if (!Object.hasOwn(actionsByName, pathAndName)) return undefined;
  const nameAt = pathAndName.lastIndexOf('/') + 1;
  const statement = { Effect: 'Allow', Action: actionsByName[pathAndName], Resource: '*' };
  return {
    name: pathAndName.slice(nameAt),
    id: makeId('ANPA', 21, hash('sha256', arn, 'buffer')),
    arn,
    path: pathAndName.slice(0, nameAt),
    document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    tags: [],
    createdMs: Date.UTC(2015, 3, 9),
  };
}
