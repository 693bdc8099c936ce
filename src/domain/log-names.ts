/** The log group of a function that was given no other. */
export function defaultLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * The log stream of one environment. In a group of its own a function's streams need not name it; others may be shared
 * ("Configuring CloudWatch log groups").
 *
 * @param version `$LATEST` or a number. @param id 32 hex digits.
 */
export function logStreamName(
  { functionName, version, group }: { functionName: string; version: string; group: string },
  date: Date,
  id: string,
): string {
  const day = date.toISOString().slice(0, 10).replaceAll('-', '/');
  const name = group === defaultLogGroup(functionName) ? '' : functionName;
  return `${day}/${name}[${version}]${id}`;
}

/** Whether a stream of that group is the function's. */
export function isStreamOf(functionName: string, group: string, stream: string): boolean {
  const [, name] = /^\d{4}\/\d\d\/\d\d\/([^[]*)\[/.exec(stream) ?? [];
  return name === (group === defaultLogGroup(functionName) ? '' : functionName);
}
