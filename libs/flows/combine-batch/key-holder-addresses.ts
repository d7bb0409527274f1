/** Where the hub finds the key-holders when it combines for members: the operator's file, read anew for each batch. */
import { readFileSync } from 'node:fs';
import { DomainError, parseUrl } from '#kernel';

export class KeyHolderAddresses {
  /** @param file JSON { "holders": [{ "index", "url" }] }; undefined: the hub does not combine */
  constructor(private readonly file: string | undefined) {}

  /** @throws DomainError NOT_FOUND when the hub does not combine, KEY_HOLDERS_UNAVAILABLE for a holder without an address */
  urlsOf(quorum: readonly number[]): URL[] {
    if (this.file === undefined) throw new DomainError('NOT_FOUND', 'this hub does not combine');
    const known = readAddresses(this.file);
    return quorum.map((index) => {
      const url = parseUrl(known.find((holder) => holder.index === index)?.url ?? '');
      if (url === null) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no address for a key-holder', { holder: index });
      return url;
    });
  }
}

function readAddresses(file: string): readonly { readonly index: number; readonly url: string }[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { holders: { index: number; url: string }[] }).holders.map(({ index, url }) => ({ index, url }));
  } catch {
    throw new DomainError('CONFIG_INVALID', 'the file of key-holders', { file: 'TALLY_KEY_HOLDERS_FILE' });
  }
}
