/**
 * Query parameters that say how a visitor came, not where. Version 2026-11; from the vendors' own documentation
 * (Google, Meta, Microsoft, Yandex, Mailchimp, HubSpot, Alibaba spm/scm, Bilibili, Weixin share parameters).
 */
const NAMES = new Set([
  'gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'yclid', 'ysclid', 'twclid', 'ttclid', 'igshid', 'igsh', 'li_fat_id',
  'mc_cid', 'mc_eid', '_hsenc', '_hsmi', '_ga', '_gl', 'bd_vid', 'qz_gdt', 'spm', 'scm', 'spm_id_from', 'vd_source', 'share_source', 'share_medium',
  'share_token', 'sharer_shareid', 'sharer_sharetime', 'isappinstalled', 'nsukey',
]);
export const isTrackingParameter = (name: string): boolean => name.startsWith('utm_') || NAMES.has(name);
