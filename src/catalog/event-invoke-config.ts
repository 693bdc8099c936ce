/** How asynchronous invocations of a function, a version or an alias are treated. What is absent, AWS's default is for. */
export interface EventInvokeConfig {
  /** 0 to 2. */
  readonly maximumRetryAttempts?: number;
  /** 60 to 21,600. */
  readonly maximumEventAgeS?: number;
  /** Kept, without effect yet. */
  readonly destinations: EventDestinations;
  readonly lastModifiedEpochMs: number;
}

/** As the service API shows it ("DestinationConfig"). */
export interface EventDestinations {
  readonly OnSuccess?: { readonly Destination?: string | undefined } | undefined;
  readonly OnFailure?: { readonly Destination?: string | undefined } | undefined;
}
