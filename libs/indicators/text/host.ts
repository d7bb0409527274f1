/** Host names by the WHATWG URL Standard (IDNA, lower case, IPv4 spellings) with the public suffix list behind them. */
import { domainToUnicode } from 'node:url';
import { getDomain } from 'tldts';
import { parseUrl } from '#kernel';

const INTERNAL = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Lower-case ASCII host, or null when it is none. A final dot (the DNS root) is dropped. */
export function asciiHost(host: string): string | null {
  if (host === '' || host.length > 300 || /[\s/?#@\\]/u.test(host)) return null;
  const url = parseUrl(`http://${host}/`);
  if (url === null || url.port !== '') return null;
  const name = url.hostname.replace(/\.$/, '');
  // the standard lets brackets and the like through in a name beyond ASCII: no register does
  return name === '' || name.length > 253 || !(/^[a-z0-9._-]+$/.test(name) || name.startsWith('[')) || isNoName(name) ? null : name;
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/**
 * RFC 5893 2 as far as it counts for names: a label with a letter that runs to the left begins with one, ends with one or a digit, and has no other
 * letters. Node 20's parser lets `pages\u0627.dev` through, Node 24's does not; here both say no.
 */
function breaksBidiRule(label: string): boolean {
  if (!RIGHT_TO_LEFT.test(label)) return false;
  const chars = [...label.replace(/\p{M}/gu, '')];
  const isOwn = (char: string): boolean => RIGHT_TO_LEFT.test(char);
  return !isOwn(chars[0] ?? '') || !/^(?:\p{L}|\p{Nd})$/u.test(chars[chars.length - 1] ?? '') || chars.some((char) => /\p{L}/u.test(char) && !isOwn(char)) || (/[0-9]/.test(label) && /[\u0660-\u0669]/.test(label));
}

/** 【evil】.example: a bracket or a stop of some script inside a label is a writer's, not a name's (RFC 5892 knows no such character but the dots of Catalan and Katakana). */
function isNoName(name: string): boolean {
  if (!name.includes('xn--')) return false;
  const written = domainToUnicode(name);
  return /[^\P{P}._\-\u00b7\u30fb]/u.test(written) || written.split('.').some(breaksBidiRule);
}

/** `[::ffff:a00:1]` is 10.0.0.1 (RFC 4291 2.5.5.2). Empty for any other. */
function mappedAddress(host: string): string {
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? [];
  if (high === '') return '';
  const [a, b] = [parseInt(high, 16), parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** RFC 1918, RFC 6598, loopback, link-local and this-network addresses (IANA special-purpose registries). */
function isInternalAddress(host: string): boolean {
  if (host.startsWith('[')) return /^\[(?:::1?\]|f[cd]|fe[89ab])/.test(host) || isInternalAddress(mappedAddress(host));
  if (!IPV4.test(host)) return false;
  const [a = 0, b = 0] = host.split('.').map(Number);
  return a === 0 || a === 10 || a === 127 || a >= 224 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)
    || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128);
}

export function isPublicHost(host: string): boolean {
  if (host.startsWith('[') || IPV4.test(host)) return !isInternalAddress(host);
  return host.includes('.') && !INTERNAL.test(host);
}

/**
 * What somebody registered: one label below a public suffix, private suffixes (github.io, pages.dev) included, so that two customers of one
 * hosting service stay two. Null for a public suffix itself and for an address. PSL as shipped with tldts (docs/dependencies.md).
 */
export function registrableDomain(host: string): string | null {
  if (host.startsWith('[') || IPV4.test(host)) return null;
  return getDomain(host, { allowPrivateDomains: true, validateHostname: false });
}

/** A suffix that a company lets others register under (private section of the list), itself registered under a public one. */
export function isPrivateSuffix(host: string): boolean {
  return registrableDomain(host) === null && getDomain(host, { validateHostname: false }) !== null;
}

/** An IPv4 address, or an IPv6 one in brackets. */
export const isAddress = (host: string): boolean => host.startsWith('[') || IPV4.test(host);

/** True where mail can be addressed: a name under a public suffix. */
export function isMailDomain(host: string): boolean {
  return !IPV4.test(host) && !host.startsWith('[') && getDomain(host, { validateHostname: false }) !== null && !INTERNAL.test(host);
}
