import protobuf from "protobufjs"

/**
 * The part of the ONNX format that is written and read here; fields keep their numbers, unknown ones are skipped.
 * @source onnx/onnx.proto, version 1.16, https://github.com/onnx/onnx
 */
const definition = `
syntax = "proto2";
package onnx;

message ModelProto {
  optional int64 ir_version = 1;
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional string doc_string = 6;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
}
message OperatorSetIdProto {
  optional string domain = 1;
  optional int64 version = 2;
}
message StringStringEntryProto {
  optional string key = 1;
  optional string value = 2;
}
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
  optional string domain = 7;
}
message AttributeProto {
  optional string name = 1;
  optional float f = 2;
  optional int64 i = 3;
  optional bytes s = 4;
  optional TensorProto t = 5;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  optional int32 type = 20;
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  repeated float float_data = 4 [packed = true];
  repeated int32 int32_data = 5 [packed = true];
  repeated int64 int64_data = 7 [packed = true];
  optional string name = 8;
  optional bytes raw_data = 9;
  repeated double double_data = 10 [packed = true];
  optional int32 data_location = 14;
}
message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
}
message TypeProto {
  message Tensor {
    optional int32 elem_type = 1;
    optional TensorShapeProto shape = 2;
  }
  optional Tensor tensor_type = 1;
}
message TensorShapeProto {
  message Dimension {
    optional int64 dim_value = 1;
    optional string dim_param = 2;
  }
  repeated Dimension dim = 1;
}
`

export interface ProtoTensor {
  readonly dims?: ArrayLike<number>
  readonly dataType?: number
  readonly floatData?: readonly number[]
  readonly int32Data?: readonly number[]
  readonly int64Data?: readonly number[]
  readonly doubleData?: readonly number[]
  readonly name?: string
  readonly rawData?: Uint8Array
  readonly dataLocation?: number
}

export interface ProtoAttribute {
  readonly name?: string
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly t?: ProtoTensor
  readonly floats?: ArrayLike<number>
  readonly ints?: ArrayLike<number>
  readonly strings?: readonly Uint8Array[]
  readonly type?: number
}

export interface ProtoNode {
  readonly input?: readonly string[]
  readonly output?: readonly string[]
  readonly name?: string
  readonly opType?: string
  readonly attribute?: readonly ProtoAttribute[]
  readonly domain?: string
}

export interface ProtoPort {
  readonly name?: string
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number
      readonly shape?: { readonly dim?: readonly { readonly dimValue?: number; readonly dimParam?: string }[] }
    }
  }
}

export interface ProtoModel {
  readonly irVersion?: number
  readonly producerName?: string
  readonly producerVersion?: string
  readonly docString?: string
  readonly graph?: {
    readonly node?: readonly ProtoNode[]
    readonly name?: string
    readonly initializer?: readonly ProtoTensor[]
    readonly input?: readonly ProtoPort[]
    readonly output?: readonly ProtoPort[]
  }
  readonly opsetImport?: readonly { readonly domain?: string; readonly version?: number }[]
  readonly metadataProps?: readonly { readonly key?: string; readonly value?: string }[]
}

let parsed: protobuf.Type | undefined

const modelType = (): protobuf.Type => {
  parsed ??= protobuf.parse(definition).root.lookupType("onnx.ModelProto")
  return parsed
}

/** The bytes of a model. */
export const encodeProto = (model: ProtoModel): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    modelType()
      .encode(model as Record<string, unknown>)
      .finish(),
  )

/** The model in some bytes; fields that are not there are left out, but for lists, which are empty. Throws on others. */
export const decodeProto = (bytes: Uint8Array): ProtoModel =>
  modelType().toObject(modelType().decode(bytes), { longs: Number, arrays: true }) as ProtoModel
