import type { epochEn } from './epoch-messages.en.js';

export const epochZh: Readonly<Record<keyof typeof epochEn, string>> = {
  'epoch.description': '群密钥的周期：枢纽登记的周期，以及协调方授权人对其的变更',
  'epoch.listDescription': '查看周期登记，新者在前',
  'epoch.announceDescription': '公布新周期；之前的周期在重叠期结束时终止',
  'epoch.stopDescription': '在至少 t 个密钥持有方签署停用书后，立即终止一个周期',
  'epoch.signStopDescription': '密钥持有方：在周期停用书上加签',
  'epoch.manifest': '由密钥持有方签名的该周期清单',
  'epoch.overlapDays': '之前的周期继续有效的天数',
  'epoch.stopFile': '由密钥持有方签名的停用书',
  'epoch.epoch': '终止的周期编号',
  'epoch.key': '密钥持有方的证据密钥',
  'epoch.out': '写入的文件；若已存在则在其上加签',
  'epoch.yes': '确认终止：不可恢复',
  'epoch.noneAnnounced': '尚未公布过周期变更：使用密钥持有方清单所载的周期。',
  'epoch.head': '周期',
  'epoch.state': '状态',
  'epoch.until': '重叠期至',
  'epoch.erased': '已清除',
  'epoch.signed': '周期 {epoch} 的停用书：{signatures} 个签名。',
};
