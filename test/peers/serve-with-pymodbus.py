# A Modbus server of pymodbus: tcp HOST:PORT, or rtu PATH. Register n of unit u holds (u * 1000 + n * 7) % 65536.
import logging
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.framer.rtu_framer import ModbusRtuFramer

logging.disable(logging.CRITICAL)
kind, place = sys.argv[1:]


def unit(number):
    block = lambda: ModbusSequentialDataBlock(0, [(number * 1000 + n * 7) % 65536 for n in range(400)])
    return ModbusSlaveContext(di=block(), co=block(), hr=block(), ir=block(), zero_mode=True)


context = ModbusServerContext(slaves={number: unit(number) for number in (1, 2, 3)}, single=False)
print("ready", flush=True)
if kind == "tcp":
    host, port = place.split(":")
    StartTcpServer(context=context, address=(host, int(port)))
else:
    StartSerialServer(context=context, framer=ModbusRtuFramer, port=place, baudrate=19200, timeout=0.005)
