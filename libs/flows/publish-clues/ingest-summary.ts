import type { IngestSummary, Ingested, StagedBatch } from '#domain/clues';

export function summaryOf(batch: Pick<StagedBatch<never>, 'received' | 'refused'>, { accepted, known, refused }: Ingested): IngestSummary {
  return { received: batch.received, accepted, alreadyKnown: known.length, refused: [...batch.refused, ...refused], known };
}
