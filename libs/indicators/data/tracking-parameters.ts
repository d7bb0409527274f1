/**
 * Query parameters that say how a visitor came, not where. Version 2026-11; from the vendors' own documentation
 * (Google, Meta, Microsoft, Yandex, Mailchimp, HubSpot, Adobe Marketo, Alibaba spm and scm, Baidu hm*, Bilibili, Douyin, Xiaohongshu and Weixin share parameters).
 */
const NAMES = new Set([
  'gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'yclid', 'ysclid', 'twclid', 'ttclid', 'igshid', 'igsh', 'li_fat_id',
  'mc_cid', 'mc_eid', '_hsenc', '_hsmi', '_ga', '_gl', 'bd_vid', 'qz_gdt', 'spm', 'scm', 'spm_id_from', 'vd_source', 'share_source', 'share_medium',
  'share_token', 'sharer_shareid', 'sharer_sharetime', 'isappinstalled', 'nsukey', 'share_app_id', 'share_iid', 'share_link_id', 'share_sign', 'share_version', 'share_session_id',
  'shareuid', 'sharefrom', 'share_from', 'share_tag', 'share_id', 'timestamp_share', 'u_code', 'xsec_token', 'xsec_source', 'xhsshare', 'appuid', 'apptime', 'bbid', 'buvid',
  'plat_id', 'unique_k', 'up_id', 'session_id_share', 'wfr', 'from_source', 'hmsr', 'hmpl', 'hmcu', 'hmkw', 'hmci', 'tt_from', 'wxshare_count', 'pass_ticket', 'wx_header', 'ascene',
  'devicetype', 'exportkey', 'clicktime', 'enterid', 'srsltid', 'wickedid', 'vero_id', 'mkt_tok', 'oly_anon_id', 'oly_enc_id', 'rb_clickid', 's_cid', 'epik', 'sc_cid',
]);
export const isTrackingParameter = (name: string): boolean => name.startsWith('utm_') || NAMES.has(name);
