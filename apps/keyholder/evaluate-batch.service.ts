/**
 * A batch, in the mode it was sent in: admission, points, budget, then the evaluation. Baseline mode answers with a proof; fast mode
 * with a signed vector, where the operator allows it, and remembers the batch so that its check is answered.
 */
import { sha256 } from '#crypto';
import { BATCH_TYP, batchStatement, decodeOprfRequest, encodeFastVector, encodeOprfResponse, type EvaluationMode, evaluationModeOf, type SignedOprfRequest } from '#protocol';
import type { FastMode } from './fast-mode.js';
import type { Charge } from './ledger.repository.js';
import { type AdmittedRequest, chargeOf, type RequestAdmission } from './request-admission.js';

export interface EvaluateBatchParts {
  readonly admission: RequestAdmission;
  readonly ledger: { charge(charge: Charge): Promise<'CHARGED' | 'REPEAT'> };
  readonly fast: FastMode;
}

export interface EvaluatedBatch {
  readonly body: Uint8Array;
  readonly memberId: string;
  readonly n: number;
  readonly charged: boolean;
}

export class EvaluateBatchService {
  constructor(private readonly parts: EvaluateBatchParts) {}

  async run(message: Uint8Array): Promise<EvaluatedBatch> {
    const mode = evaluationModeOf(message);
    const request = decodeOprfRequest(message, mode);
    if (mode === 'fast') this.parts.fast.assertAllowed();
    const pointsSha256 = sha256(request.points);
    const passed = this.parts.admission.admit(request, { typ: BATCH_TYP, statement: batchStatement(request, pointsSha256, mode) });
    const points = request.points.slice(); // what is charged is what is evaluated, whatever happens to the message buffer
    await passed.epoch.pool.check(points);
    const outcome = await this.parts.ledger.charge(chargeOf(request, passed, pointsSha256));
    const body = await this.answer(mode, request, passed, { points, pointsSha256 });
    passed.epoch.assertRunning();
    return { body, memberId: request.memberId, n: points.length / 32, charged: outcome === 'CHARGED' };
  }

  private async answer(mode: EvaluationMode, request: SignedOprfRequest, passed: AdmittedRequest, of: { points: Uint8Array; pointsSha256: Uint8Array }): Promise<Uint8Array> {
    const { generation, holderIndex, pool } = passed.epoch;
    const { manifestHash, batchId, quorum } = request;
    const common = { manifestHash, batchId, quorum, holderIndex };
    if (mode === 'fast') await this.parts.fast.remember(request);
    const { evaluated, proof } = await pool.evaluate({ kind: mode === 'fast' ? 'vector' : 'proven', generation: generation.number, quorum, points: of.points });
    if (mode === 'baseline') return encodeOprfResponse({ ...common, points: evaluated, proof });
    const signature = this.parts.fast.signVector(common, of.points.length / 32, of.pointsSha256, sha256(evaluated));
    return encodeFastVector({ ...common, points: evaluated, signature });
  }
}
