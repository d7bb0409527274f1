/**
 * The public keys of the token server, from a file that its operator places (no network fetch decides who is trusted).
 * The file is read again when a token names an unknown key, at most every ten seconds, so that a rotation needs no restart.
 */
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, errors as joseErrors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { systemClock, type Clock } from '#kernel';

const RELOAD_MS = 10_000;

/** @param file A JWK set with public P-256 keys, each with `kid` and `alg: "ES256"`. */
export function tokenKeysFrom(file: string, clock: Clock = systemClock): JWTVerifyGetKey {
  let readAt = clock.now().getTime();
  let keys = read(file);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const now = clock.now().getTime();
      if (!(error instanceof joseErrors.JWKSNoMatchingKey) || now - readAt < RELOAD_MS) throw error;
      readAt = now;
      keys = read(file);
      return keys(header, token);
    }
  };
}

function read(file: string): JWTVerifyGetKey {
  return createLocalJWKSet(JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet);
}
