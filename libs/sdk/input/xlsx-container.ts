/**
 * The container of an XLSX file (ECMA-376 part 2: a ZIP of parts), opened for reading. Attacker-controlled: parts are streamed, never
 * unpacked whole; each has a limit in bytes and in how far it may be blown up, so that a ZIP bomb ends with an error and not with the machine.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { DomainError } from '#kernel';
import { tooLarge, unreadable } from './input-errors.js';

const ENTRIES_MAX = 10_000;
/** A sheet of a million rows with ten short cells is about 600 MB of XML. */
const PART_BYTES_MAX = 2 * 1024 ** 3;
/** Deflate reaches 1:1032; sheets of repeated rows reach 1:40. Judged from 16 MiB on. */
const RATIO_MAX = 200;
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

export interface XmlHandlers {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
}

export class XlsxContainer {
  private constructor(private readonly zip: ZipFile, private readonly parts: ReadonlyMap<string, Entry>, private readonly name: string) {}

  /** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
  static async open(file: string, name: string): Promise<XlsxContainer> {
    let zip: ZipFile | null = null;
    try {
      zip = await openPromise(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
      if (zip.entryCount > ENTRIES_MAX) throw tooLarge(name, { maxParts: ENTRIES_MAX });
      return new XlsxContainer(zip, await entriesOf(zip), name);
    } catch (error) {
      zip?.close();
      throw failureOf(error, name);
    }
  }

  has(part: string): boolean {
    return this.parts.has(part);
  }

  /** Streams a part through the handlers, which may throw DomainError; yields after each piece, so that rows can be taken as they come. */
  async *parse(part: string, handlers: XmlHandlers): AsyncGenerator<void> {
    const entry = this.parts.get(part);
    if (entry === undefined) throw unreadable(this.name, { reason: 'not XLSX: a part is missing' });
    let stream: Readable | null = null;
    try {
      stream = await this.zip.openReadStreamPromise(entry);
      const parser = parserFor(handlers);
      const decoder = new StringDecoder('utf8');
      let bytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > PART_BYTES_MAX || (bytes > RATIO_FROM_BYTES && bytes > entry.compressedSize * RATIO_MAX)) throw tooLarge(this.name, { reason: 'unpacks to far more than it holds' });
        parser.write(decoder.write(chunk));
        yield;
      }
      parser.write(decoder.end()).close();
      yield;
    } catch (error) {
      throw failureOf(error, this.name);
    } finally {
      stream?.destroy();
    }
  }

  close(): void {
    this.zip.close();
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const parts = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      parts.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', resolve);
    zip.once('error', reject);
    zip.readEntry();
  });
  return parts;
}

/** No DTD, so no entities beyond XML's five; names without their prefix. */
function parserFor({ open, close, text }: XmlHandlers): SaxesParser {
  const parser = new SaxesParser({ xmlns: false });
  const local = ({ name }: { name: string }): string => name.slice(name.indexOf(':') + 1);
  parser.on('doctype', () => { throw new Error('doctype'); });
  parser.on('error', (error) => { throw error; });
  parser.on('opentag', (tag: SaxesTagPlain) => { open(local(tag), tag.attributes); });
  parser.on('closetag', (tag: SaxesTagPlain) => { close(local(tag)); });
  parser.on('text', text);
  parser.on('cdata', text);
  return parser;
}

/** The parsers' messages quote the file. */
function failureOf(error: unknown, name: string): DomainError {
  if (error instanceof DomainError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return unreadable(name, { reason: code === undefined || code.startsWith('Z_') ? 'not XLSX' : code });
}
