package org.onlooker.memory;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/**
 * How RocksDB is set up: little memory, few files, no chatter. Codes of keys, values and tokens are
 * compressed by zstd, some clips at a time: neighbours are alike.
 */
final class RocksTuning {
  private static final long MEBIBYTE = 1 << 20;
  /** Compressed together; RocksDB keeps the result where it saves an eighth. */
  private static final int CODES_UNIT_BYTES = 32 << 10;

  /** The first level is rewritten with each new file, so it is kept to a few times its size. */
  private static final int LEVEL_BASE_MEMTABLES = 4;

  /** So many new files of them are compacted: what was given up leaves the disk then. */
  private static final int CODES_FILES_COMPACTED = 2;

  private RocksTuning() {}

  static DBOptions ofDatabase(RocksOptions options) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setDbWriteBufferSize(options.memtableBytes())
        .setMaxTotalWalSize(4 * options.memtableBytes())
        .setMaxOpenFiles(256)
        .setMaxBackgroundJobs(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(MEBIBYTE)
        .setMaxManifestFileSize(MEBIBYTE)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  /**
   * After a full disk RocksDB writes again once this much of one family is free, 64 MB by default;
   * families share the bound of the database, so none ever holds more.
   */
  private static ColumnFamilyOptions ofFamily(RocksOptions options) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(options.memtableBytes())
        .setMaxBytesForLevelBase(LEVEL_BASE_MEMTABLES * options.memtableBytes());
  }

  /** Of families that hold more than codes. */
  static ColumnFamilyOptions plain(LRUCache cache, RocksOptions options) {
    return ofFamily(options)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setBottommostCompressionType(CompressionType.DISABLE_COMPRESSION_OPTION)
        .setTableFormatConfig(
            new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
  }

  /** Of families that hold little but codes. */
  static ColumnFamilyOptions codes(LRUCache cache, RocksOptions options) {
    return ofFamily(options)
        .setLevel0FileNumCompactionTrigger(CODES_FILES_COMPACTED)
        .setCompressionType(CompressionType.ZSTD_COMPRESSION)
        .setTableFormatConfig(new BlockBasedTableConfig()
            .setBlockSize(CODES_UNIT_BYTES)
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true));
  }
}
