import type { CommandSpec } from './command-spec.ts';

export const BRIDGE_COMMAND: CommandSpec = {
  does: 'an inverter that speaks HTTP becomes a Modbus TCP meter of a library model; while it is away, reading it fails and is no zero',
  given: { '<mapping>': 'zeversolar-tlc10000 or zevercloud of bridges/, or a file of your own' },
  options: {
    '--source <url>': 'the inverter, such as http://192.168.1.50; the mapping has the path',
    '--port <port>': 'where the meter is read, on HOST; 1502 if not said',
    '--unit <unit>': 'its unit id; 1 if not said',
    '--period <seconds>': 'between two questions to the inverter; 10 if not said',
    '--timeout <seconds>': 'how long it may take to answer; 5 if not said',
    '--max-age <seconds>': 'older values are answered with exception 11; 60 if not said',
  },
  more: `
A mapping is a JSON file:
  {
    "model": "emm-virtual-tlc10000",      a model of meters/, by which the meter is read
    "path": "/home.cgi?sid=0",            what is asked of the inverter
    "key": { "header": "X-Api-Key" },     if it wants one, or { "query": "key" }; the key itself is BRIDGE_KEY
    "values": [                           all of them must come, or there is no reading
      { "quantity": "active_power_total", "json": "/power/now", "unit": "W", "factor": -1 },
      { "quantity": "export_active_energy_today", "line": 12 }
    ]
  }
"json" is a JSON pointer, "line" a line of a text counted from 1, "unitAt" a pointer to the unit where the
inverter tells it. Registers of the model that the mapping does not name are answered with exception 2.
Who may read it: MODBUS_ALLOW. It needs no database and no Redis, and starts also while the inverter is away.
`,
  load: async () => (await import('./bridge.ts')).runBridge,
};
