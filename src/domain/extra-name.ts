/** The name under which a value without a standard quantity is kept: `THD V.AN` and `thdVAn` become snake_case. */
export function extraName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return (/^[a-z]/.test(words) ? words : `value_${words}`).slice(0, 64);
}
