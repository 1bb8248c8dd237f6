# Reads input registers with pymodbus and prints their words as JSON: PORT UNIT ADDRESS COUNT
import json
import sys

from pymodbus.client import ModbusTcpClient

port, unit, address, count = map(int, sys.argv[1:])
client = ModbusTcpClient("127.0.0.1", port=port)
client.connect()
answer = client.read_input_registers(address, count, slave=unit)
if answer.isError():
    print(json.dumps({"exception": getattr(answer, "exception_code", str(answer))}))
else:
    print(json.dumps({"words": answer.registers}))
client.close()
