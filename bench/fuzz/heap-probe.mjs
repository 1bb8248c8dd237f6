// Loaded into a process of the product by NODE_OPTIONS: answers how large its heap is after a collection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('message', (message) => {
  if (message.kind !== 'fuzz-heap') return;
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ kind: 'fuzz-heap', heapBytes: heapUsed + external, rssBytes: rss });
});
process.channel?.unref();
