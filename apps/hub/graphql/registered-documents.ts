/**
 * In production only documents of the published list run: sha256 over the document's text, compared before anything is
 * parsed. The list is a JSON file `{"documents": {"<sha256 hex>": "<operation name>"}}` named by TALLY_DOCUMENTS_FILE and
 * made from the SDK's documents by `npm run schema:graphql`. Other profiles run without it unless the file is given.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DomainError } from '#kernel';

export class RegisteredDocuments {
  private constructor(private readonly digests: ReadonlySet<string> | null) {}

  /** Without a file every document is admitted. @throws DomainError CONFIG_INVALID */
  static from(file: string | undefined): RegisteredDocuments {
    if (file === undefined) return new RegisteredDocuments(null);
    const { documents } = JSON.parse(readFileSync(file, 'utf8')) as { documents?: Record<string, string> };
    const digests = Object.keys(documents ?? {});
    if (digests.length === 0 || !digests.every((digest) => /^[0-9a-f]{64}$/.test(digest))) {
      throw new DomainError('CONFIG_INVALID', 'TALLY_DOCUMENTS_FILE holds no list of documents');
    }
    return new RegisteredDocuments(new Set(digests));
  }

  /** @throws DomainError FORBIDDEN */
  admit(document: unknown): void {
    if (this.digests === null) return;
    if (typeof document !== 'string' || !this.digests.has(createHash('sha256').update(document).digest('hex'))) {
      throw new DomainError('FORBIDDEN', 'document is not registered', { reason: 'document not registered' });
    }
  }
}
