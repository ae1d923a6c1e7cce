//! Gzip bodies: a valid one, and one that unpacks to a thousand times its size.

use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};

/// Unpacked size of one block of the bomb, in bytes.
const BLOCK: usize = 1 << 20;

/// Number of blocks of the bomb: 1 GiB in all.
const BLOCKS: usize = 1 << 10;

pub(crate) fn compress(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory can't fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default().into()
}

/// A page without rows and with 1 GiB of spaces, as gzip.
pub(crate) fn bomb() -> Bytes {
    static BOMB: OnceLock<Bytes> = OnceLock::new();
    BOMB.get_or_init(|| spaces(BLOCKS)).clone()
}

/// A page of this number of blocks of spaces.
///
/// A block is compressed once and repeated, which deflate allows after a full flush, so this takes no time.
fn spaces(blocks: usize) -> Bytes {
    let spaces = vec![b' '; BLOCK];
    let (open, close) = (&b"{\"data\":["[..], &b"]}"[..]);
    // Magic number, deflate, no flags, no time, no extras, unknown system.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut crc = Crc::new();
    let mut block_crc = Crc::new();
    block_crc.update(&spaces);

    packed.extend(deflate(open, FlushCompress::Full));
    crc.update(open);
    let block = deflate(&spaces, FlushCompress::Full);
    for _ in 0..blocks {
        packed.extend_from_slice(&block);
        crc.combine(&block_crc);
    }
    packed.extend(deflate(close, FlushCompress::Finish));
    crc.update(close);
    packed.extend(crc.sum().to_le_bytes());
    packed.extend(crc.amount().to_le_bytes());
    packed.into()
}

fn deflate(input: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    // Room for input that does not compress at all.
    let mut out = Vec::with_capacity(input.len() + 64);
    // With all input and enough room this can't fail.
    let _ = compress.compress_vec(input, &mut out, flush);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    #[test]
    fn a_compressed_body_is_the_same_body() {
        let mut text = String::new();
        GzDecoder::new(&compress(b"{\"data\":[]}")[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "{\"data\":[]}");
    }

    #[test]
    fn repeated_blocks_are_a_whole_page() {
        let mut text = String::new();
        GzDecoder::new(&spaces(3)[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, format!("{{\"data\":[{}]}}", " ".repeat(3 * BLOCK)));
    }

    #[test]
    fn a_bomb_is_small_and_states_its_size() {
        let bomb = bomb();
        assert!(bomb.len() < 2 << 20, "{}", bomb.len());
        let end: [u8; 4] = bomb[bomb.len() - 4..].try_into().unwrap();
        assert_eq!(u32::from_le_bytes(end) as usize, BLOCK * BLOCKS + 11);
    }
}
