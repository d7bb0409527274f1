/**
 * Secrets come as paths of files, so that no secret stands in an environment, where children and crash reports see it.
 * In production the file must be closed to group and others, and its content must not be a well-known placeholder.
 */
import { readFileSync, statSync } from 'node:fs';

const PLACEHOLDER = /^(change[-_ ]?me|secrets?|examples?|passw(?:or)?d|placeholder|default|dummy|test|todo|xxx+|admin|postgres|(.)\2*|<.*>|\$\{.*\})$/i;

/** Returns the trimmed content, or throws an Error whose message names the fault only. */
export function readSecretFile(file: string, production: boolean): string {
  let content: string;
  try {
    if (production && (statSync(file).mode & 0o077) !== 0) throw new SecretFault('file is readable by group or others (chmod 600)');
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof SecretFault) throw error;
    throw new SecretFault('file cannot be read');
  }
  if (content === '') throw new SecretFault('file is empty');
  if (production && isPlaceholder(content)) throw new SecretFault('file holds a placeholder, not a secret');
  return content;
}

export class SecretFault extends Error {}

export function isPlaceholder(secret: string): boolean {
  return PLACEHOLDER.test(secret.trim()) || /change[-_ ]?me|placeholder|your[-_ ]?(secret|password|key)/i.test(secret);
}
