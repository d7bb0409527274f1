/**
 * Words of a Chinese company name that tell its trade or form and not who it is, and words that many unrelated names
 * share. Version 2026-11. Sources: the trades of the national rules for company names (SAMR order 82 of 2023,
 * article 11, with the headings of GB/T 4754-2017 as people shorten them), and own counting of the words that registered names share.
 */
const FINANCE = '农村商业银行 城市商业银行 农村合作银行 商业银行 村镇银行 农商银行 联合银行 开发银行 储蓄银行 信用社 农信社 农村信用 银行 消费金融 汽车金融 金融租赁 融资租赁 金融信息服务 金融服务 金融 证券 保险 人寿 寿险 财险 财产保险 人寿保险 养老保险 信托 基金 基金管理 期货 理财 资产管理 资产 资本 投资 投资管理 财富 财富管理 小额贷款 小贷 贷款 网贷 融资 融资担保 担保 典当 保理 商业保理 租赁 支付 信用卡 信用 信用管理 征信 借条 白条 花呗 借呗';
const SERVICES = '信息科技 信息技术 信息服务 信息咨询 信息 网络科技 网络技术 网络 互联网 科技发展 科技 技术 软件 数据服务 数据科技 数据 数字 智能 电子商务 电子 通信 通讯 电信 传媒 文化传媒 文化 广告 教育 培训 法律咨询 法律服务 法律 律师事务所 企业管理咨询 企业管理 管理咨询 咨询服务 咨询 管理 服务 商务咨询 商务服务 商务 财务咨询 财务 催收 外包 人力资源 劳务 物业 物流 快递 供应链 贸易 进出口 商贸 商业 汽车服务 汽车 旅游 旅行 酒店 餐饮 食品 医药 医疗 制药 药业 生物技术 生物科技 生物医药 生物 健康 环保 新材料 材料 新能源 能源 电力 电气 电器 电工 机械 机电 设备 装备 重工 工业 工程 建筑 建设工程 建材 装饰 设计 置业 地产 房地产 实业 产业 制造 化工 化学 石化 石油 矿业 钢铁 有色 铝业 铜业 钢 水泥 玻璃 陶瓷 纺织 服装 服饰 家居 家电 光电 光学 半导体 微电子 精密 仪器 自动化 机器人 航空 航天 船舶 轨道 交通运输 运输 港口 高速 农业 林业 牧业 渔业 种业 饲料 酒业 乳业 出版 影视 娱乐 体育 游戏 平台 客服 服务中心 中心 事务所 工作室 商行 商店 超市 百货 股份 控股 集团 国际 发展 开发 总公司 分公司 公司';

export const CN_TRADE_WORDS: ReadonlySet<string> = new Set(`${FINANCE} ${SERVICES}`.split(' '));

/** A name that holds one of these speaks of money: there even a common word of a brand is worth telling. */
export const CN_MONEY = /银行|金融|证券|保险|人寿|信托|基金|期货|理财|资产管理|贷|担保|保理|信用卡|征信|借款|借呗|白条|分期|支付|钱包/u;

/** Words of the language (directions, waters, mountains, ages, wishes): a mark made of one alone is shared by many firms, so a finding on it is weak. */
export const CN_COMMON_NAME_WORDS: ReadonlySet<string> = new Set((
  '北方 南方 东方 西方 中部 西部 东部 南部 北部 中原 华东 华南 华北 华中 华夏 中华 中国 神州 九州 东海 南海 渤海 黄海 长江 黄河 珠江 长城 泰山 昆仑 太行 天山 太湖 西湖 黄浦 江南 '
  + '农业 工商 交通 建设 工业 商业 发展 开发 进出口 招商 民生 兴业 光大 平安 阳光 太阳 大地 天地 太平 永安 人民 国民 世纪 时代 未来 新世纪 国际 全球 世界 环球 '
  + '第一 金融 信用 诚信 联合 联盟 合众 大众 信用卡 安心 幸福 快乐 美好 先锋 创新 创业 科创 新华 光明 红星 金星 星光 红旗 和平 友谊 团结 兴旺 兴隆 宏达 振兴 明珠 凤凰 天鹅').split(' '));
