import type { helpEn } from './help-messages.en.js';

export const helpZh: Readonly<Record<keyof typeof helpEn, string>> = {
  'help.usage': '用法：',
  'help.arguments': '参数：',
  'help.options': '选项：',
  'help.globalOptions': '各命令通用选项：',
  'help.commands': '命令：',
  'help.default': '默认',
  'help.choices': '可选',
  'help.exits': '退出状态：0 完成，1 内部错误，2 输入无效，3 规则拒绝，4 身份，5 无法连接，6 信任或证明，7 本地状态。错误为标准错误输出上的一行：代码: 说明。',
  'argument.party': '参与方编号',
  'argument.case': '案件编号',
  'argument.package': '案件包编号',
  'argument.brand': '品牌编号',
  'argument.file': '线索文件：CSV、TSV、JSON Lines、XLSX 或 Parquet',
  'argument.source': '每行一个值的文件；- 表示标准输入',
  'argument.document': '要查看的提案或名册',
  'argument.rosters': '分别签名的名册',
  'argument.package-file': '取回的案件包文件',
  'argument.evidence-file': '证据文件',
};
