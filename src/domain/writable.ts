/** The values that `writable` of a register allows: single ones and ranges, such as `1..247` or `0|1|5..9`. */
export function isWritableValue(writable: string, value: number): boolean {
  return writable.split('|').some((part) => {
    const [least = '', most = least] = part.split('..');
    return Number(least) <= value && value <= Number(most);
  });
}

export function describeWritable(writable: string): string {
  return writable.replaceAll('..', ' to ').split('|').join(', ');
}
