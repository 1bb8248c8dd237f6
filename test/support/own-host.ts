/** An address of this machine that no other test and nobody else listens on: its ports are all free, and stay so. */
export const OWN_HOST = `127.${64 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
