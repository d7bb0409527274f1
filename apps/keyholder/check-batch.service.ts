/**
 * Fast mode's check (docs/protocol/fast-mode.md): one element, answered with a proof, for a batch that this holder evaluated in fast mode.
 * The element is the member's free choice, so it is charged like any other: one unit.
 */
import { sha256 } from '#crypto';
import { CHECK_TYP, checkStatement, decodeCheckRequest, encodeCheckAnswer } from '#protocol';
import type { EvaluatedBatch } from './evaluate-batch.service.js';
import type { FastMode } from './fast-mode.js';
import type { Charge } from './ledger.repository.js';
import { chargeOf, type RequestAdmission } from './request-admission.js';

export interface CheckBatchParts {
  readonly admission: RequestAdmission;
  readonly ledger: { charge(charge: Charge): Promise<'CHARGED' | 'REPEAT'> };
  readonly fast: FastMode;
}

export class CheckBatchService {
  constructor(private readonly parts: CheckBatchParts) {}

  async run(message: Uint8Array): Promise<EvaluatedBatch> {
    const request = decodeCheckRequest(message);
    const { fast, admission, ledger } = this.parts;
    fast.assertAllowed();
    const passed = admission.admit(request, { typ: CHECK_TYP, statement: checkStatement(request) });
    const points = request.points.slice();
    const { generation, holderIndex, pool } = passed.epoch;
    await pool.check(points);
    await fast.assertRemembered(request);
    const charge = { ...chargeOf(request, passed, sha256(points)), batchId: checkIdOf(request.batchId, points) };
    const outcome = await ledger.charge(charge);
    const { manifestHash, batchId, quorum } = request;
    const { evaluated, proof } = await pool.evaluate({ kind: 'check-answer', generation: generation.number, quorum, points });
    passed.epoch.assertRunning();
    const common = { manifestHash, batchId, quorum, holderIndex };
    const body = encodeCheckAnswer({ ...common, points: evaluated, proof, signature: fast.signCheckAnswer(common, points, evaluated, proof) });
    return { body, memberId: request.memberId, n: 1, charged: outcome === 'CHARGED' };
  }
}

/** A batch id of the element's own: that of the batch stands for other points. */
function checkIdOf(batchId: Uint8Array, element: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([Buffer.from('tally1 check'), batchId, element])).subarray(0, 16);
}
