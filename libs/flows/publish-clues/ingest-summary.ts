import type { ClueBatch, IngestSummary, Ingested } from '#domain/clues';

export function summaryOf(batch: ClueBatch, { accepted, known, refused }: Ingested): IngestSummary {
  return { received: batch.received, accepted, alreadyKnown: known.length, refused: [...batch.refused, ...refused], known };
}
