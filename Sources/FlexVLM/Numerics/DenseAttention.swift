internal import CKernels

// Attention of all tokens of a sequence to all, head by head:
//
//   q, k, v [tokens, width] -> q k^T [tokens, tokens] -> softmax -> times v [tokens, width]
//
// The softmax is float32 always. Where products run in bfloat16, so do these two: k and v are packed
// once, and queries go in blocks whose scores stay in the second-level cache.

extension Workspace {
  /// Softmax(q k^T / sqrt(head width)) v for each head of each sequence.
  ///
  /// - Parameters:
  ///   - q, k, v: [sequences * tokens, heads * head width].
  ///   - firstWeights: receives the softmax of each sequence's first token,
  ///     [sequences * heads, tokens].
  ///   - output: [sequences * tokens, heads * head width].
  func denseAttention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, sequences: Int, headCount: Int, firstWeights: Matrix?,
    into output: Matrix
  ) {
    let (tokens, width) = (q.rows / sequences, q.columns / headCount)
    multiplyAdds += 2 * q.rows * tokens * q.columns
    let sizes = denseAttentionScratch(tokens: tokens, width: width)
    func scratch(_ slot: Slot) -> Matrix {
      matrix(slot, rows: threads, columns: (sizes[slot] ?? 0) / threads)
    }
    let (scores, narrow, packed) = (scratch(.scores), scratch(.narrow), scratch(.packed))
    parallel(tasks: sequences * headCount) { [product] task, worker in
      let (sequence, head) = task.quotientAndRemainder(dividingBy: headCount)
      func own(_ x: Matrix) -> Matrix {
        x.rows(sequence * tokens..<(sequence + 1) * tokens)
          .columns(head * width..<(head + 1) * width)
      }
      let first = firstWeights?.rows(task..<task + 1)
      let memory = scores.rows(worker..<worker + 1)
      if let product {
        Self.attend(
          own(q), own(k), own(v), first, by: product, scores: memory,
          narrow: narrow.rows(worker..<worker + 1), packed: packed.rows(worker..<worker + 1),
          into: own(output))
      } else {
        Self.attend(own(q), own(k), own(v), first, scores: memory, into: own(output))
      }
    }
  }

  /// Floats of each slot for it.
  func denseAttentionScratch(tokens: Int, width: Int) -> [Slot: Int] {
    guard product != nil else { return [.scores: threads * tokens * tokens] }
    let longest = max(Self.depth(tokens), Self.depth(width))
    let packed =
      Self.packedFloats(outputs: tokens, depth: Self.depth(width))
      + Self.packedFloats(outputs: width, depth: Self.depth(tokens))
    return [
      .scores: threads * Self.denseBlock * tokens,
      .narrow: threads * Self.narrowFloats(rows: Self.denseBlock, depth: longest),
      .packed: threads * packed,
    ]
  }

  /// Queries of a block.
  private static var denseBlock: Int { 96 }

  /// One head in float32.
  private static func attend(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, _ firstWeights: Matrix?, scores memory: Matrix,
    into output: Matrix
  ) {
    let scores = memory.reshaped(rows: q.rows, columns: k.rows)
    BLAS.multiply(q, transposed: k, scale: 1 / Float(q.columns).squareRoot(), into: scores)
    for row in 0..<q.rows { scores.softmax(row: row, count: k.rows) }
    firstWeights?.copy(from: scores.rows(0..<1))
    BLAS.multiply(scores, v, into: output)
  }

  /// One head in bfloat16.
  private static func attend(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, _ firstWeights: Matrix?, by product: BFloat16Product,
    scores memory: Matrix, narrow: Matrix, packed: Matrix, into output: Matrix
  ) {
    let tokens = k.rows
    let keys = unsafe packed.bfloats(row: 0)
    let values = unsafe keys + 2 * Self.packedFloats(outputs: tokens, depth: Self.depth(q.columns))
    eachGroup(of: tokens) { outputs in
      unsafe fx_pack_bf16(
        k.pointer(row: outputs.lowerBound), k.stride * MemoryLayout<Float>.stride, 1024,
        fx_widen_f32, outputs.count, k.columns,
        keys + outputs.lowerBound * Self.depth(k.columns))
    }
    eachGroup(of: v.columns) { outputs in
      unsafe fx_pack_columns_bf16(
        v.base + outputs.lowerBound, v.stride, tokens, outputs.count,
        values + outputs.lowerBound * Self.depth(tokens))
    }
    let scale = 1 / Float(q.columns).squareRoot()
    for start in stride(from: 0, to: tokens, by: denseBlock) {
      let rows = start..<min(start + denseBlock, tokens)
      let scores = memory.reshaped(rows: rows.count, columns: tokens)
      unsafe multiply(q.rows(rows), keys, by: product, narrow: narrow, into: scores)
      scores.scale(by: scale)
      for row in 0..<rows.count { scores.softmax(row: row, count: tokens) }
      if start == 0 { firstWeights?.copy(from: scores.rows(0..<1)) }
      unsafe multiply(scores, values, by: product, narrow: narrow, into: output.rows(rows))
    }
  }

  /// y = x b^T on this thread, with b packed, [y.columns, x.columns].
  private static func multiply(
    _ x: Matrix, _ panels: UnsafePointer<UInt16>, by product: BFloat16Product, narrow: Matrix,
    into y: Matrix
  ) {
    let (depth, stride) = (Self.depth(x.columns), Self.narrowStride(x.columns))
    let rows = unsafe narrow.bfloats(row: 0)
    for row in 0..<x.rows { unsafe Self.narrow(x, row: row, to: rows + row * stride) }
    let kernel = unsafe fx_product_kernel(Int32(product.rawValue))!
    eachGroup(of: y.columns) { outputs in
      unsafe kernel(
        rows, stride, x.rows, panels + outputs.lowerBound * depth, depth, outputs.count, nil, 0,
        y.base + outputs.lowerBound, y.stride)
    }
  }
}
