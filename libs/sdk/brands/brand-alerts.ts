/**
 * Alerts: what an agent found near a brand, sealed to the sealing keys that it has pinned of the brand's owner. The hub learns that an alert
 * about this brand was sent, by whom, and its size class.
 */
import { randomUUID } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { openJson, sealJson, sealedText } from '#crypto';
import { DomainError } from '#kernel';
import { ALERT_VALUES_MAX, parseBrandAlert, type AlertedValue, type BrandAlert } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import { allPages } from '../query/overlaps.js';
import type { HubClient } from '../transport/hub-client.js';
import { BRAND_DOCUMENTS } from './brand-documents.js';

export interface AlertedBrand {
  readonly owner: string;
  readonly brandId: string;
}
export interface ReceivedAlert {
  readonly alertId: string;
  readonly brandId: string;
  readonly sentAt: string;
  /** Null when it does not open with the own key, or holds something else. */
  readonly values: readonly AlertedValue[] | null;
}

/** Sends what was found near one brand, in as many alerts as it takes. Returns how many; 0 when no sealing key of the owner is pinned. */
export async function alertOwner(home: PartyHome, hub: HubClient, { owner, brandId }: AlertedBrand, values: readonly AlertedValue[]): Promise<number> {
  const keys = home.trust.of(`party:${owner}`, 'seal').map(({ jwk }) => jwk);
  if (keys.length === 0) return 0;
  let sent = 0;
  for (let from = 0; from < values.length; from += ALERT_VALUES_MAX) {
    const alert: BrandAlert = { v: 1, brand: brandId, values: values.slice(from, from + ALERT_VALUES_MAX).map(shortened) };
    const sealed = sealedText(await sealJson(JSON.stringify(alert), keys));
    await hub.graphql(BRAND_DOCUMENTS.sendBrandAlert, { input: { idempotencyKey: randomUUID(), owner, brandId, alertId: uuidV7(), sealed } });
    sent += 1;
  }
  return sent;
}

export async function receivedAlerts(home: PartyHome, hub: HubClient): Promise<ReceivedAlert[]> {
  const key = home.privateKey('seal');
  const alerts: ReceivedAlert[] = [];
  for await (const { sealed, ...alert } of allPages<Omit<ReceivedAlert, 'values'> & { sealed: string }>(hub, 'brandAlerts', BRAND_DOCUMENTS.brandAlerts)) {
    alerts.push({ ...alert, values: await opened(sealed, alert.brandId, key) });
  }
  return alerts;
}

/** Anybody can seal to a public key: an alert that says something else is told as unreadable, not believed. */
async function opened(sealed: string, brandId: string, key: Parameters<typeof openJson>[1]): Promise<readonly AlertedValue[] | null> {
  try {
    const alert = parseBrandAlert(JSON.parse(await openJson(JSON.parse(sealed), key)));
    return alert.brand === brandId ? alert.values : null;
  } catch (error) {
    if (error instanceof DomainError || error instanceof SyntaxError) return null;
    throw error;
  }
}

const VALUE_MAX = 512;
function shortened(value: AlertedValue): AlertedValue {
  return { ...value, value: value.value.slice(0, VALUE_MAX) };
}
