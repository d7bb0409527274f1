// opencc-js exports its dictionaries as text: "from to[ alternative]|from to|..." (OpenCC, Apache-2.0), without types.
declare module 'opencc-js/dict/*' {
  const dictionary: string;
  export default dictionary;
}
