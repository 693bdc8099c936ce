/** Who a request comes from, once its signature was verified. */
export type Principal =
  /** The owner of the account's keys: may everything. */
  | { readonly kind: 'account'; readonly accountId: string; readonly arn: string }
  /** A function's environment, with temporary credentials of its role. What it may do, the role's policies say. */
  | {
      readonly kind: 'assumed-role';
      readonly accountId: string;
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
      readonly arn: string;
      /** `arn:aws:iam::<account>:role/<path><role>`. */
      readonly roleArn: string;
      readonly sessionName: string;
    }
  /** A request without a signature: function URLs with `AuthType NONE`. */
  | { readonly kind: 'anonymous' };
