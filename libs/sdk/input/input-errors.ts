import { DomainError, type SafeFields } from '#kernel';

/** @param fields never a part of the file */
export function unreadable(file: string, fields: SafeFields): DomainError {
  return new DomainError('FILE_UNREADABLE', 'file cannot be read', { file, ...fields });
}
export function tooLarge(file: string, fields: SafeFields): DomainError {
  return new DomainError('PAYLOAD_TOO_LARGE', 'a part of the file is too large', { file, ...fields });
}
