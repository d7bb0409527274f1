/**
 * Opaque tokens that another system computed: `engine:token`. The engine is part of the value, because two engines number alike what is not
 * the same; the token is 32 to 128 hexadecimal digits (or a UUID), so that guessing it is hopeless. A serial number (`cluster 17`) is no
 * such token: it says nothing outside the engine and is enumerable.
 */
import type { RejectCode } from '../reject-code.js';
import { plainDashes, unquoted } from './plain-text.js';

const SHAPE = /^([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?)[:/]([0-9a-f-]{32,140})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @param label what people write before it, e.g. `声纹：` */
export function opaqueToken(text: string, label: RegExp): { readonly value: string } | { readonly code: RejectCode } {
  const bare = unquoted(plainDashes(text)).replace(label, '').toLowerCase();
  if (/[*•]{2,}/.test(bare)) return { code: 'MASKED' };
  const [, engine = '', token = ''] = SHAPE.exec(bare) ?? [];
  if (engine === '') return { code: /^[0-9a-f-]{32,140}$/.test(bare) ? 'ENGINE_MISSING' : 'OPAQUE_TOKEN_INVALID' };
  const hex = UUID.test(token) ? token.replaceAll('-', '') : token;
  if (!/^[0-9a-f]{32,128}$/.test(hex) || hex.length % 2 !== 0) return { code: 'OPAQUE_TOKEN_INVALID' };
  return new Set(hex).size < 4 ? { code: 'JUNK_VALUE' } : { value: `${engine}:${hex}` };
}
