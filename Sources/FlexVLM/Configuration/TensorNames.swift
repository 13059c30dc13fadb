/// Every tensor's name in a model file: llama.cpp's where it has one.
enum TensorName {
  static let tokenEmbedding = "token_embd.weight"
  static let outputNorm = "output_norm.weight"
  static let output = "output.weight"

  /// A part of a decoder layer: attn_norm, attn_q, attn_k, attn_v, attn_output, ffn_norm, ffn_gate,
  /// ffn_up, ffn_down, and for high-resolution keys and values attn_k_hd, attn_v_hd.
  static func layer(_ index: Int, _ part: String) -> String { "blk.\(index).\(part).weight" }

  static let classEmbedding = "v.class_embd"
  static let patchEmbedding = "v.patch_embd.weight"
  static let positionEmbedding = "v.position_embd.weight"
  static let visionInputNorm = "v.pre_ln"

  /// A part of a vision layer: ln1, ln2, attn_q, attn_k, attn_v, attn_out, ffn_up, ffn_down; it has
  /// a weight and a bias.
  static func visionLayer(_ index: Int, _ part: String) -> String { "v.blk.\(index).\(part)" }

  /// The projector's linear layers, 0 and 2 (1 is its activation); each has a weight and a bias.
  static func projector(_ index: Int) -> String { "mm.\(index)" }
}
