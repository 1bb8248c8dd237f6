/** How a virtual meter behaves, switchable while it runs. */
export type Behaviour =
  | { kind: 'normal' }
  | { kind: 'latency'; ms: number }
  | { kind: 'silent' }
  | { kind: 'exception'; code: number }
  | { kind: 'garbage' };
