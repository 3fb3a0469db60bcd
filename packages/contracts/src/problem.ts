import { z } from 'zod';

/** What went wrong in one field. `path` is a JSON Pointer into the body, or `?name` for a query parameter. */
export const fieldFault = z
  .object({ path: z.string(), code: z.string(), message: z.string() })
  .meta({ id: 'FieldFault' });
export type FieldFault = z.infer<typeof fieldFault>;

/** RFC 9457 problem details. `code` is stable; the sentences may change. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(fieldFault).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** Every code a management answer can carry, with its HTTP status and title. The codes are stable. */
export const PROBLEMS = {
  malformed_json: [400, 'The body is not JSON'],
  invalid_idempotency_key: [400, 'The Idempotency-Key is not usable'],
  invalid_signature: [400, 'The signature is not valid'],
  unauthenticated: [401, 'Authentication is required'],
  invalid_token: [401, 'The access token is not valid'],
  invalid_sign_in: [401, 'The sign-in is not valid'],
  insufficient_scope: [403, 'A permission is missing'],
  step_up_required: [403, 'A fresh proof is required'],
  second_factor_required: [403, 'A second factor is required'],
  cross_site_request: [403, 'The request came from another site'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed here'],
  duplicate_client_id: [409, 'The client id is taken'],
  duplicate_resource: [409, 'The resource identifier is taken'],
  duplicate_scope: [409, 'A scope name is taken'],
  scope_in_use: [409, 'A scope is in use'],
  resource_in_use: [409, 'The resource is in use'],
  credential_in_use: [409, 'The credential is in use'],
  duplicate_plan: [409, 'The plan key is taken'],
  plan_version_published: [409, 'A published plan version never changes'],
  subscription_conflict: [409, 'The state of the subscription does not allow it'],
  invoice_conflict: [409, 'The state of the invoice does not allow it'],
  nothing_to_invoice: [409, 'There is nothing to invoice'],
  duplicate_coupon: [409, 'The coupon key is taken'],
  duplicate_tax_rate: [409, 'The tax rate is there already'],
  credit_conflict: [409, 'The state of the credit does not allow it'],
  payment_differs: [409, 'The reference belongs to another payment'],
  duplicate_external_id: [409, 'The external id is taken'],
  duplicate_meter: [409, 'The meter key is taken'],
  duplicate_feature: [409, 'The feature key is taken'],
  feature_in_use: [409, 'The feature is in use'],
  customer_suspended: [409, 'The customer is suspended'],
  quota_exceeded: [409, 'The limit is used up'],
  reservation_differs: [409, 'The holder has another reservation'],
  reservation_ended: [409, 'The reservation has ended'],
  stripe_not_connected: [409, 'Stripe is not connected'],
  not_repairable: [409, 'Nothing repairs it by itself'],
  duplicate_license_product: [409, 'The product code is taken'],
  duplicate_license_key: [409, 'The licence key is taken'],
  license_conflict: [409, 'The state of the licence does not allow it'],
  machine_limit_exceeded: [409, 'Every seat of the licence is taken'],
  process_limit_exceeded: [409, 'No further process may run'],
  uses_exceeded: [409, 'The uses are used up'],
  fingerprint_taken: [409, 'The fingerprint is in use'],
  machine_dead: [409, 'The heartbeat is dead'],
  duplicate_flag: [409, 'The flag key is taken'],
  flag_in_use: [409, 'The flag is in use'],
  flag_conflict: [409, 'The state of the flag does not allow it'],
  duplicate_environment: [409, 'The environment key is taken'],
  environment_in_use: [409, 'The environment is in use'],
  duplicate_segment: [409, 'The segment key is taken'],
  segment_in_use: [409, 'The segment is in use'],
  webhook_disabled: [409, 'The webhook endpoint is disabled'],
  operator_exists: [409, 'There is an operator already'],
  last_owner: [409, 'There must be an owner'],
  second_factor_exists: [409, 'The second factor is there already'],
  passkeys_unavailable: [409, 'Passkeys cannot be used here'],
  version_mismatch: [412, 'The object has changed'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  invalid_request: [422, 'The request is not valid'],
  license_not_renewable: [422, 'The licence cannot be renewed'],
  unknown_scope: [422, 'A scope does not exist'],
  idempotency_key_reused: [422, 'The Idempotency-Key was used for another request'],
  too_many_requests: [429, 'Too many requests'],
  request_timeout: [408, 'The request took too long'],
  internal: [500, 'Something failed on our side'],
  stripe_unavailable: [502, 'Stripe does not answer'],
  unavailable: [503, 'A part we depend on does not answer'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof PROBLEMS;
