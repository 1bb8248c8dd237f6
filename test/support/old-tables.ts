/** Tables of EMDC and EMM as they are exported. */
export const EMDC_TOPICS = `topic_id,topic_name
1,UW/Maple/eaton_meter/W_A
2,UW/Maple/eaton_meter/Voltage_AN
3,UW/Mercer/nexus_meter/W
4,UW/Mercer/nexus_meter/W_100ms
5,PNNL/SEB/Occupancy
`;
export const EMDC_META = `topic_id,metadata
1,"{""units"": ""W "", ""tz"": ""US/Pacific"", ""type"": ""float""}"
3,"{""units"": ""kW""}"
5,"{""units"": ""Enum""}"
`;
export const EMDC_DATA = `ts,topic_id,value_string
2018-12-18 20:00:00.250000,1,1250.5
2018-12-18 20:00:00.250000,2,277.5
2018-12-18 20:00:00.250000,3,-3.5
2018-12-18 20:00:00.250000,4,7
2018-12-18 20:01:00.000000,1,1300
2018-12-18 20:01:00.000000,5,occupied
2018-12-18 20:01:00.000000,2,nan
`;

export const EMM_METERS = `id,host,port,slave_address,type,description
1,10.0.0.5,502,1,LE-03MW,House
2,10.0.0.5,502,2,LE-03MW,Heat pump
`;
export const EMM_REGISTERS = `type,register_address,measurement_name,data_unit,data_type,function_code,word_order,byte_order
LE-03MW,0,voltageL1,V,3,4,2,2
LE-03MW,12,activePower,kW,3,4,2,2
LE-03MW,342,activeEnergyConsumed,kWh,3,4,2,2
`;
export const EMM_DATA = `name,time,dataunit,description,id,value
activeEnergyConsumed,1604188800,kWh,House,1,1234.5678
activePower,1604188800,kW,House,1,1.25
name,time,dataunit,description,id,value
voltageL1,2020-11-01T00:01:00Z,V,House,1,231.5
activeEnergyConsumed,1604188860000000000,Wh,Heat pump,2,900
`;
