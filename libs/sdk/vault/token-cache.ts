/**
 * Tokens of values that were looked up before, so that asking again costs no evaluation: keyed by the index (never a value), of one
 * epoch, bounded. Two halves: what is written or found goes to the newer one; when that is full the older one is dropped whole.
 */
import type { TokenInput } from '../tokenise/tokeniser.js';
import { del, put, vaultKey, type Vault, type Write } from './vault.js';

/** About 60 bytes an entry on disk. */
export const CACHED_TOKENS_MAX = 2_000_000;
const META_CACHE = 'meta/cache';
const stateKey = (epoch: number): string => `${META_CACHE}/${epoch}`;
const TOKEN = /^[0-9a-f]{32}/;

interface CacheState {
  readonly epoch: number;
  readonly half: 0 | 1;
  /** Entries written to the newer half. */
  readonly written: number;
}

export class TokenCache {
  private constructor(private readonly vault: Vault, private state: CacheState, private readonly limit: number) {}

  /** @param others epochs that go on beside this one: what was kept of any other is dropped */
  static async open(vault: Vault, epoch: number, others: readonly number[] = [], limit = CACHED_TOKENS_MAX): Promise<TokenCache> {
    for await (const [key, text] of vault.entries(`${META_CACHE}/`)) {
      const { epoch: kept } = JSON.parse(text) as CacheState;
      if (kept === epoch || others.includes(kept)) continue;
      await vault.clear(`t/${kept}/`);
      await vault.write([del(key)]);
    }
    if (await vault.get(META_CACHE) !== undefined) { // of a version that kept one epoch
      await vault.clear('t/');
      await vault.write([del(META_CACHE)]);
    }
    const text = await vault.get(stateKey(epoch));
    return new TokenCache(vault, text === undefined ? { epoch, half: 0, written: 0 } : (JSON.parse(text) as CacheState), limit);
  }

  /** Tokens of what was looked up or published before; undefined for the rest. */
  async find(inputs: readonly TokenInput[]): Promise<(string | undefined)[]> {
    const { epoch, half } = this.state;
    const keys = inputs.map(({ kind, value }) => this.vault.keys.indexOf(epoch, kind, value));
    const places = keys.map((index) => [vaultKey.cached(epoch, half, index), vaultKey.cached(epoch, half === 0 ? 1 : 0, index), vaultKey.weak(epoch, index), vaultKey.exact(index)] as const);
    const found = await this.vault.getMany(places.flat());
    const tokens = await Promise.all(inputs.map(async (_, i) => {
      const [newer, older, weak, clueId] = found.slice(4 * i, 4 * i + 4);
      const kept = newer ?? older ?? weak;
      if (kept !== undefined) return TOKEN.exec(kept)?.[0];
      const record = clueId === undefined ? undefined : await this.vault.clue(clueId);
      return record?.epoch === epoch ? record.forms[0]?.token : undefined;
    }));
    await this.keep(inputs.flatMap((_, i) => (found[4 * i] === undefined && found[4 * i + 1] !== undefined ? [[keys[i]!, tokens[i]!] as const] : [])));
    return tokens;
  }

  async add(entries: readonly { readonly input: TokenInput; readonly token: string }[]): Promise<void> {
    await this.keep(entries.map(({ input, token }) => [this.vault.keys.indexOf(this.state.epoch, input.kind, input.value), token] as const));
  }

  private async keep(entries: readonly (readonly [index: string, token: string])[]): Promise<void> {
    for (let from = 0; from < entries.length;) {
      const room = Math.floor(this.limit / 2) - this.state.written;
      if (room <= 0) {
        const half = this.state.half === 0 ? 1 : 0;
        await this.vault.clear(`t/${this.state.epoch}/${half}/`);
        this.state = { ...this.state, half, written: 0 };
        continue;
      }
      const part = entries.slice(from, from + room);
      this.state = { ...this.state, written: this.state.written + part.length };
      const writes: Write[] = part.map(([index, token]) => put(vaultKey.cached(this.state.epoch, this.state.half, index), token));
      await this.vault.write([...writes, put(stateKey(this.state.epoch), this.state)]);
      from += part.length;
    }
  }
}
