/**
 * A backup is a header line and frames. Frames hold JSON lines [key, value]; each is AES-256-GCM under a key of this backup alone, with its
 * number and whether it is the last in the nonce, and the header as additional data (the STREAM construction: Hoang, Reyhanitabar,
 * Rogaway, Vizar 2015). So a frame that is changed, left out, doubled, moved, cut off or of another backup does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { passphraseKey } from '#crypto';
import { DomainError } from '#kernel';

const BACKUP_MAGIC = 'tallystick vault backup';
const FRAME_MAX = 1 << 21;
const TAG_BYTES = 16;

export interface BackupHeader {
  readonly format: typeof BACKUP_MAGIC;
  readonly v: 1;
  readonly partyId: string;
  readonly federationId: string;
  readonly createdAt: string;
  /** base64, 32 bytes: of scrypt and of the frames' key. */
  readonly salt: string;
}

export function newHeader(partyId: string, federationId: string, createdAt: string): BackupHeader {
  return { format: BACKUP_MAGIC, v: 1, partyId, federationId, createdAt, salt: randomBytes(32).toString('base64') };
}

/** @throws VAULT_INVALID */
export function parseHeader(line: string): BackupHeader {
  try {
    const header = JSON.parse(line) as BackupHeader;
    if (header.format === BACKUP_MAGIC && header.v === 1 && Buffer.from(header.salt, 'base64').length === 32) return header;
  } catch {
    // falls through: one refusal for every way of not being one
  }
  throw new DomainError('VAULT_INVALID', 'not a backup of a vault', { reason: 'header' });
}

export class BackupFrames {
  private readonly key: Uint8Array;
  private number = 0;

  constructor(private readonly header: string, salt: string, passphrase: string) {
    const bytes = Buffer.from(salt, 'base64');
    this.key = new Uint8Array(hkdfSync('sha256', passphraseKey(passphrase, bytes), bytes, 'tally vault backup', 32));
  }

  /** u32 length | ciphertext | tag. */
  seal(plain: Buffer, last: boolean): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, this.nonce(last)).setAAD(Buffer.from(this.header));
    const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  }

  /** @throws VAULT_INVALID for another passphrase or a backup that is not whole */
  open(body: Buffer, last: boolean): Buffer {
    if (body.length < TAG_BYTES || body.length > FRAME_MAX + TAG_BYTES) throw damaged('frame');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, this.nonce(last)).setAAD(Buffer.from(this.header));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw damaged('passphrase or damage');
    }
  }

  private nonce(last: boolean): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(this.number++, 7);
    nonce[11] = last ? 1 : 0;
    return nonce;
  }
}

export function damaged(reason: string): DomainError {
  return new DomainError('VAULT_INVALID', 'the backup does not open', { reason });
}
