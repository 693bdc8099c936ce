/** When a version's runtime is updated, as the service API shows it. Kept, without effect: a runtime is the host's. */
export interface RuntimeManagement {
  readonly UpdateRuntimeOn: 'Auto' | 'Manual' | 'FunctionUpdate';
  readonly RuntimeVersionArn?: string;
}
