import type { ErrorCode } from './error-code.js';

/** Fields a client may see: never a user's value, a token, a key or another party. */
export type SafeFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * Base of every error a caller can act on. The message is English, for developers and logs; people see the text of the
 * code's registry entry (libs/protocol) in their language. Anything that is not a DomainError is masked as INTERNAL.
 */
export class DomainError extends Error {
  constructor(readonly code: ErrorCode, message: string, readonly fields: SafeFields = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}
